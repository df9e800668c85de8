# FedLab 1.3.0's balanced Dirichlet partition (client_inner_dirichlet_partition) chooses by the labels of a shuffled copy and
# returns places in that copy, which its caller does not have. On the caller's own labels the users are as good as IID: of 100
# samples in 10 classes the largest class has a sixth, where shares of alpha = 0.3 ask for a half. (The module is loaded by
# itself, which needs NumPy and pandas; the copy is rebuilt from the same seed.)
# Seen: largest class on the caller's labels under 0.2, on the shuffled copy over 0.4
findings_venv numpy==2.4.6 pandas==3.1.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps FedLab==1.3.0
python - <<'PY'
import importlib.util, sysconfig
import numpy

path = sysconfig.get_paths()["purelib"] + "/fedlab/utils/dataset/functional.py"
place = importlib.util.spec_from_file_location("functional", path)
module = importlib.util.module_from_spec(place)
place.loader.exec_module(module)
labels = numpy.random.default_rng(7).permutation(numpy.repeat(numpy.arange(10), 1000))
numpy.random.seed(1)
users = module.client_inner_dirichlet_partition(labels, 20, 10, 0.3, numpy.full(20, 100), verbose=False)
numpy.random.seed(1)
copy = labels[numpy.random.permutation(len(labels))]

def largest(of):
    return numpy.mean([numpy.bincount(of[places], minlength=10).max() / len(places) for places in users.values()])

print(f"largest class on the caller's labels {largest(labels):.3f}, on the shuffled copy {largest(copy):.3f}")
assert largest(labels) < 0.2 and largest(copy) > 0.4
PY
