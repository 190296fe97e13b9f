import time, random, pytest, resource
from datetime import date, timedelta
from pathlib import Path
from lianxin.domain.people.tests import test_import_residents as t
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.engines.identity import resident_id_check_character
from lianxin.domain.people.commands import imports
from lianxin.domain.people.rules.import_columns import COLUMNS
from lianxin.platform.models import Run
from lianxin.platform.commands import plain
from lianxin.platform import sheets
import json, xlsxwriter
pytestmark = pytest.mark.django_db
def cpu():
    a=resource.getrusage(resource.RUSAGE_SELF); b=resource.getrusage(resource.RUSAGE_CHILDREN)
    return a.ru_utime+a.ru_stime+b.ru_utime+b.ru_stime
def test_speed(tmp_path):
    Tree(); r=random.Random(1); N=20000
    SN="陈林黄郑吴李张王蔡许"; GN="小明阿妹丽娟伟强芳秀英国华建平玉兰木水"
    p=tmp_path/"x.xlsx"; wb=xlsxwriter.Workbook(str(p),{"constant_memory":True}); ws=wb.add_worksheet()
    ws.write_row(0,0,[str(c.synonyms[0]) for c in COLUMNS])
    for i in range(N):
        d=date(1930,1,1)+timedelta(days=r.randrange(33000)); b=f"440507{d:%Y%m%d}{i%1000:03d}"
        for j,v in enumerate(t.cells(address=f"长平路{i//3}号", name=r.choice(SN)+r.choice(GN)+r.choice(GN), relation="户主" if i%3==0 else "子", id_number=b+resident_id_check_character(b), phone=f"138{i:08d}" if i%2 else "", birth_on=str(d))): ws.write_string(i+1,j,v)
    wb.close()
    run=Run.objects.create(kind="people.residents", title="t", created_at=t.AT)
    c=cpu(); rows=list(sheets.read_rows(Path(p),"x.xlsx"))[1:]; print("read us/row",(cpu()-c)/N*1e6)
    it=imports.reader(run=run, actor=t.SYSTEM, at=t.AT)
    c=cpu(); clean=[it.read(n,x) for n,x in enumerate(rows,2)]; print("validate us/row",(cpu()-c)/N*1e6)
    good=[x for x in clean if x]
    c=cpu(); packed=[json.dumps([plain(list(x)) for x in good[i:i+500]]) for i in range(0,len(good),500)]; print("pack us/row",(cpu()-c)/N*1e6)
    from django.db import connection
    import os
    if os.environ.get('CS'): connection.cursor().execute('PRAGMA cache_size=-'+os.environ['CS'])
    import time
    from lianxin.domain.people.commands import bulk
    from lianxin.platform import search
    T={}
    def wrap(mod,n):
        f=getattr(mod,n)
        def g(*a,**k):
            c0=time.process_time(); r=f(*a,**k); key=n+(a[0].__name__ if n=='insert' else ''); T[key]=T.get(key,0)+time.process_time()-c0; return r
        setattr(mod,n,g)
    wrap(bulk,'insert'); wrap(search,'put'); wrap(search,'_write'); wrap(bulk,'insert_sealed'); wrap(imports,'_households_of')
    c=cpu()
    for x in packed:
        t.apply(run=run, rows=[imports.unpack(y) for y in json.loads(x)], actor=t.SYSTEM, at=t.AT)
    print("apply us/row", (cpu()-c)/len(good)*1e6, len(good))
    print({k:round(v/len(good)*1e6,1) for k,v in T.items()})
