from claimlab import Allocated, Control, Finding, Judges, Outcome, decided, unclear

judges = Judges()
control = Control("a Store of a key that is there", lambda seen: seen["stores"], Outcome.HOLDS)


@judges.of("1-a", sees=lambda seen: seen["ranges"], control=control)
def it_allocates(one: Allocated) -> Finding:
    """A call allocates at least one object, by the runtime's statistics and by gdb."""
    found = one.allocates()
    return unclear(str(one)) if found is None else decided(found, str(one))
