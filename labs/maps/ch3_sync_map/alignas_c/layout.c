/* Two structs with one counter each, one of them aligned to 64 bytes. To be seen: their sizes, how far the elements of
   an array of them lie apart, and for every place that an array may have within a cache line, whether its first two
   elements share that line. */
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

struct Plain {
    uint64_t counter;
};

struct Aligned {
    alignas(64) uint64_t counter;
};

struct Plain plain[2];
struct Aligned aligned[2];

static size_t line;

static void tell(const char *name, size_t size, size_t align, size_t stride, uintptr_t address)
{
    size_t places = 0, sharing = 0;
    for (size_t at = 0; at < line; at += align, places++)
        sharing += at / line == (at + stride) / line;
    printf("\"%s\": {\"size\": %zu, \"align\": %zu, \"stride\": %zu, \"places\": %zu, \"sharing\": %zu, "
           "\"addresses\": [%zu, %zu]}",
           name, size, align, stride, places, sharing, (size_t)address, (size_t)address + stride);
}

int main(void)
{
    long known = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
    line = known > 0 ? (size_t)known : 64;
    printf("{\"line\": %zu, \"known\": %s, \"structs\": {", line, known > 0 ? "true" : "false");
    tell("Plain", sizeof plain[0], alignof(struct Plain), (size_t)((char *)&plain[1] - (char *)&plain[0]),
         (uintptr_t)plain);
    printf(", ");
    tell("Aligned", sizeof aligned[0], alignof(struct Aligned), (size_t)((char *)&aligned[1] - (char *)&aligned[0]),
         (uintptr_t)aligned);
    printf("}}\n");
    return 0;
}
