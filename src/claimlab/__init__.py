"""claimlab: the laboratory where claims about Go's runtime are put on the bench.

What is public stands in ``__init__.pyi``, once for people, for type checkers and for Python.
(PYTEST_DONT_REWRITE: pytest may run inside a claimlab that is already imported, and would warn of that.)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
