import time
import pytest
from tests.apps.reports.conftest import produced
pytestmark = pytest.mark.usefixtures("here")
def test_x(case):
    t=time.time(); r=produced(case); print(r.state, r.pages, time.time()-t)
    t=time.time(); r=produced(case,"decision_report"); print(r.state, r.pages, time.time()-t)
def test_y(case):
    pass
