"""Every kind of question there is."""

from claimlab.questions.allocs import Allocs
from claimlab.questions.benchmarks import Benchmarks
from claimlab.questions.codes import Code
from claimlab.questions.contests import Contest
from claimlab.questions.decided import Compiler
from claimlab.questions.layouts import Layout
from claimlab.questions.runs import Run
from claimlab.questions.stops import Stop

Asked = Layout | Code | Compiler | Run | Benchmarks | Allocs | Contest | Stop
