# pfl 0.6.0 partitions labels by users' Dirichlet shares until the next user cannot be filled: of 1,030 samples for users of 100
# it deals 1,000 and leaves out 30, without a word. (The module is loaded by itself, which needs NumPy alone.)
# Seen: 1030 samples, 10 users, 1000 dealt
findings_venv numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pfl==0.6.0
python - <<'PY'
import importlib.util, sysconfig, warnings
import numpy

warnings.simplefilter("error")
place = importlib.util.spec_from_file_location("partition", sysconfig.get_paths()["purelib"] + "/pfl/data/partition.py")
module = importlib.util.module_from_spec(place)
place.loader.exec_module(module)
numpy.random.seed(1)
labels = numpy.repeat(numpy.arange(10), 103)
users = module.partition_by_dirichlet_class_distribution(labels, 1.0, lambda: 100)
seen = f"{len(labels)} samples, {len(users)} users, {len({i for u in users for i in u})} dealt"
print(seen)
assert seen == "1030 samples, 10 users, 1000 dealt"
PY
