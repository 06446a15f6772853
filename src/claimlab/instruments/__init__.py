"""Instruments turn a binary or a process on a bench into data. One small module each; none knows an engine."""

from pkgutil import iter_modules

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [module.name for module in iter_modules(__path__)])
