"""Runs inside gdb: reads how types are laid out by the runtime's own type data, and writes JSON."""

import shlex

import gdb
from gdb_answering import answers
from gdb_probing import check_process

WORD = (1 << 64) - 1
POINTER = 8  # bytes; both processors that we know have 64 bits
MAP_TYPES = ("internal/abi.MapType", "internal/abi.SwissMapType", "internal/abi.OldMapType")
BLOCKS = ("Bucket", "Group")  # the fields of these that lead to the type of a block of the map's memory


def find(name):
    """The type of that name among those of the binary; None if it has none.

    gdb.lookup_type would answer for `int` with a type of gdb's own, of 4 bytes, and finds no struct without a typedef.
    """
    for domain in (gdb.SYMBOL_STRUCT_DOMAIN, gdb.SYMBOL_VAR_DOMAIN):
        symbol = gdb.lookup_static_symbol(name, domain)
        if symbol is not None and symbol.addr_class == gdb.SYMBOL_LOC_TYPEDEF:
            return symbol.type
    return None


def is_integer(known):
    return known.strip_typedefs().code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR)


def size_of(known):
    bare = known.strip_typedefs()
    return POINTER if bare.code == gdb.TYPE_CODE_FUNC else bare.sizeof


def constant(name):
    """A constant of the runtime by DWARF; 0, which is no flag, where this release has none of that name."""
    try:
        return int(gdb.parse_and_eval("'internal/abi.%s'" % name))
    except gdb.error:
        return 0


def memory(start, size):
    return bytes(gdb.selected_inferior().read_memory(start, size))


def number_at(start, size):
    return int.from_bytes(memory(start, size), "little")


def as_struct(known, start):
    """The value of that type at the address."""
    return gdb.Value(memory(start, size_of(known)), known.strip_typedefs())


def descriptor(expression):
    """The address of the type data that the value speaks of: an `any`, or a pointer to it; None without one."""
    try:
        value = gdb.parse_and_eval(expression)
        bare = value.type.strip_typedefs()
        if bare.code == gdb.TYPE_CODE_STRUCT:
            value = value["_type"]
        return int(value) & WORD or None
    except gdb.error:
        return None


def map_descriptor(start):
    """The map type's own numbers, and the field that leads to the type of a block of memory with its address."""
    for name in MAP_TYPES:
        known = find(name)
        for field in BLOCKS if known else ():
            if any(one.name == field for one in known.strip_typedefs().fields()):
                value = as_struct(known, start)
                numbers = {
                    one.name: int(value[one.name]) for one in known.strip_typedefs().fields() if is_integer(one.type)
                }
                return numbers, field, int(value[field]) & WORD
    raise LookupError("the binary has no map type that is known")


def varint_at(place):
    """A number in groups of seven bits, lowest first, and where it ends."""
    value, shift = 0, 0
    while True:
        byte = number_at(place, 1)
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place


def text_at(start):
    """A name in the type data: flags, length, bytes (internal/abi/type.go: Name)."""
    length, place = varint_at(start + 1)
    return memory(place, length).decode("utf-8", "replace")


def mask_at(start, count):
    packed = memory(start, (count + 7) // 8)
    return [number for number in range(count) if packed[number // 8] >> number % 8 & 1]


def program_at(start, count):
    """The words that a GC program marks (runtime/mbitmap.go of Go 1.21 to 1.23: runGCProg)."""
    bits, place = [], start + 4  # its length comes first
    while instruction := number_at(place, 1):
        place += 1
        length = instruction & 0x7F
        if instruction < 0x80:
            packed = memory(place, (length + 7) // 8)
            place += len(packed)
            bits += [packed[number // 8] >> number % 8 & 1 for number in range(length)]
        else:
            if length == 0:
                length, place = varint_at(place)
            times, place = varint_at(place)
            bits += bits[-length:] * times
    return [number for number, bit in enumerate(bits[:count]) if bit]


def pointer_words(value):
    """How the type says where its pointers are, and the words that hold them; None if it has not been worked out."""
    start, count = int(value["GCData"]) & WORD, int(value["PtrBytes"]) // POINTER
    if count == 0:
        return "none", []
    if int(value["Kind_"]) & constant("KindGCProg"):
        return "program", program_at(start, count)
    if int(value["TFlag"]) & constant("TFlagGCMaskOnDemand"):
        built = number_at(start, POINTER)
        return "on demand", mask_at(built, count) if built else None
    return "mask", mask_at(start, count)


def describe_pointers(wanted):
    absent = {"label": wanted["label"], "present": False}
    start = descriptor(wanted["value"])
    if start is None:
        return absent
    numbers, block = {}, ""
    if wanted["block_of_map"]:
        numbers, block, start = map_descriptor(start)
    known = as_struct(find("internal/abi.Type"), start)
    types = int(gdb.parse_and_eval("'runtime.firstmoduledata'.types")) & WORD
    name = text_at(types + int(known["Str"]))
    form, words = pointer_words(known)
    return {
        "label": wanted["label"],
        "present": True,
        "name": name[1:] if int(known["TFlag"]) & constant("TFlagExtraStar") else name,
        "block": block,
        "size": int(known["Size_"]),
        "ptr_bytes": int(known["PtrBytes"]),
        "align": int(known["Align_"]),
        "field_align": int(known["FieldAlign_"]),
        "kind_byte": int(known["Kind_"]) & 0xFF,
        "tflag": int(known["TFlag"]) & 0xFF,
        "form": form,
        "words": words,
        "map_type": numbers,
    }


def stopped(order):
    """The program has reached the function for the first time."""
    gdb.execute("set disable-randomization off")  # Docker's seccomp profile refuses personality(2)
    gdb.execute("set breakpoint pending off")
    gdb.execute("set print thread-events off")
    gdb.execute("handle SIGSEGV nostop noprint pass", to_string=True)  # the Go runtime's own business
    check_process(False)
    gdb.execute("set environment GOMAXPROCS %d" % order["gomaxprocs"])
    gdb.execute("set args %s > /dev/null 2>&1" % " ".join(shlex.quote(word) for word in order["args"]))
    gdb.execute("break '%s'" % order["at"], to_string=True)
    gdb.execute("run", to_string=True)
    if not gdb.selected_inferior().pid:
        raise LookupError("the program ended before it reached " + order["at"])


def layout(order):
    gdb.execute("file " + order["binary"], to_string=True)
    stopped(order)
    described = [describe_pointers(wanted) for wanted in order["wanted"]]
    gdb.execute("kill", to_string=True)
    return described


answers(layout)
