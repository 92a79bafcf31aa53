"""scratch"""

import os, threading, datetime as dt
from wsgiref.simple_server import make_server, WSGIRequestHandler, WSGIServer
import socketserver
import pytest
from playwright.sync_api import sync_playwright
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.conf import settings
from apps.rfp.models import *
from apps.rfp.services import authoring, publishing
from tests.conftest import make_buyer, sign_in, acting_for
from tests.factories.rfp import *


class Quiet(WSGIRequestHandler):
    def log_message(self, *a):
        pass


class Srv(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


OUT = "/tmp/rfpw/shots"


def test_look(committed, django_db_blocker, settings):
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.makedirs(OUT, exist_ok=True)
    settings.DEBUG = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.ALLOWED_HOSTS = ["*"]
    with django_db_blocker.unblock():
        b = make_buyer()
        p = b.procurement
        client = sign_in(b.lead)
        srv = make_server(
            "127.0.0.1",
            0,
            StaticFilesHandler(get_wsgi_application()),
            server_class=Srv,
            handler_class=Quiet,
        )
        threading.Thread(target=srv.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{srv.server_port}"
        with sync_playwright() as pw:
            br = pw.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

            def shot(name, url, dark=False, full=True, widths=(1440, 390)):
                for w in widths:
                    ctx = br.new_context(
                        viewport={"width": w, "height": 900},
                        color_scheme="dark" if dark else "light",
                    )
                    ctx.add_cookies(
                        [{"name": "session", "value": client.cookies["session"].value, "url": base}]
                    )
                    pg = ctx.new_page()
                    errs = []
                    pg.on("console", lambda m: errs.append(m.text) if m.type == "error" else None)
                    r = pg.goto(base + url)
                    print(name, w, r.status, errs[:3])
                    sw = pg.evaluate("document.documentElement.scrollWidth")
                    if sw > w:
                        print("   OVERFLOW", sw)
                    
                    from axe_playwright_python.sync_playwright import Axe
                    res=Axe().run(pg); v=[x for x in res.response['violations']]
                    for x in v: print('   AXE',x['id'],x['impact'],[n['target'] for n in x['nodes']][:3], x['nodes'][0].get('failureSummary','')[:160])
                    pg.screenshot(
                        path=f"{OUT}/{name}-{w}{'-dark' if dark else ''}.png", full_page=full
                    )
                    ctx.close()

            P = f"/p/{p.pk}"
            only = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else None

            def maybe(name, url, **k):
                if only is None or any(name.startswith(o) for o in only):
                    shot(name, url, **k)

            maybe("start", P + "/rfp/")
            with acting_for(b.lead):
                rfp = authoring.start_from(
                    procurement=p, questionnaire="bpo_voice_support", actor=b.lead
                )
            maybe("choose", P + "/rfp/questions/")
            maybe("builder", P + "/rfp/?section=4&question=4.08", full=False)
            maybe("builder-sec", P + "/rfp/?section=11", full=False)
            maybe("builder-scoring", P + "/rfp/?section=4&question=4.15&tab=scoring")
            maybe("builder-auto", P + "/rfp/?section=1&question=1.05&tab=scoring")
            maybe("builder-logic", P + "/rfp/?section=11&question=11.01&tab=logic")
            maybe(
                "builder-dark",
                P + "/rfp/?section=4&question=4.15&tab=scoring",
                dark=True,
                full=False,
            )
            maybe("builder-add", P + "/rfp/?section=4&add=question")
            maybe("terms", P + "/rfp/terms/")
            maybe("workload0", P + "/rfp/workload/")
            maybe("publish0", P + "/publish/")
            with acting_for(b.lead):
                for s in Section.objects.filter(rfp=rfp, code="2"):
                    authoring.edit_section(
                        rfp=rfp, section=s, title=s.title, weight="2", actor=b.lead
                    )
                authoring.set_workload(
                    rfp=rfp, content=workload(), actor=b.lead, source="Call records of 2026"
                )
                authoring.set_deadline(
                    rfp=rfp,
                    closes_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=20),
                    zone="Europe/Lisbon",
                    actor=b.lead,
                )
            maybe("builder-95", P + "/rfp/?section=4", full=False)
            maybe("workload", P + "/rfp/workload/")
            maybe("workload-dark", P + "/rfp/workload/", dark=True)
            maybe("publish1", P + "/publish/")
            with acting_for(b.lead):
                authoring.share_out(rfp=rfp, actor=b.lead)
                authoring.set_terms(
                    rfp=rfp,
                    actor=b.lead,
                    price_params={"floor": "800000", "cap": "2200000"},
                    price_formula="absolute-linear",
                    pricing_models=["per_fte"],
                )
                accept_all(rfp, b.lead)
            maybe("publish2", P + "/publish/")
            maybe("preview", P + "/rfp/preview/", full=False)
            with acting_for(b.lead):
                rfp.refresh_from_db()
                publishing.publish(rfp=rfp, actor=b.lead)
            maybe("published", P + "/publish/")
            maybe("published-dark", P + "/publish/", dark=True)
            maybe("builder-frozen", P + "/rfp/?section=4&question=4.15")
            maybe("terms-frozen", P + "/rfp/terms/")
            br.close()
        srv.shutdown()
