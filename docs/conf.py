"""How the site is built: offline, from the record, the same bytes from the same record."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

author = "the claimlab authors"
extensions = ["myst_parser", "sphinx_design", "sphinx_copybutton", "claimlab.site", "claimlab.site.reference"]
exclude_patterns = ["_build"]
language = "en"  # the Chinese pages are a second build, with language zh_CN
locale_dirs = ["locale"]
gettext_compact = False
templates_path = ["_templates"]
nitpicky = True
# Names of Python's library and of other packages are in no reference here; ours have to be.
nitpick_ignore_regex = [("py:.*", r"(?!claimlab\.).*")]
nitpick_ignore_regex += [  # type variables
    ("py:class", r"claimlab\.(pictures\.sources\.(Seen|Shown)|instruments\.(processes|gdb_scripts)\.Answer)"),
    ("py:class", r"claimlab\.verdicts\.kept_observations\.Seen"),
]
nitpick_ignore_regex += [  # what stands behind things of the reference, and is nothing that labs import
    ("py:class", r"claimlab\.(verdicts\.ruling\.Ruling|trials\.lab\.LabFolder|project\.claim\.Claim)"),
    ("py:class", r"claimlab\.questions\.(decided\.Decision|runs\.Way|stops\.\w+|question\.(Answer|Row)|told\.\w+)"),
    ("py:class", r"claimlab\.(toolchains\.saying\.Said|trials\.record\.Beside)"),
]
default_role = "code"  # in docstrings, where the names of parameters stand between single backticks
add_module_names = False
toc_object_entries = False  # the tree of contents is walked for every page of the site
autodoc_member_order = "bysource"

html_theme = "furo"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = False  # it would fetch every page found, which browsers forbid to pages from a disk
html_use_index = False
html_domain_indices = False
# Both keep every token at a contrast of at least 4.5 with its ground.
pygments_style = "a11y-light"
pygments_dark_style = "a11y-dark"

# A prompt is there to be read, not to be copied.
copybutton_prompt_text = "$ "
