"""Every kind of question there is."""

from claimlab.questions.codes import Code
from claimlab.questions.decided import Compiler
from claimlab.questions.layouts import Layout

Asked = Layout | Code | Compiler
