# fedartml 0.1.34 deals out twice. What it calls "with_class_completion" gives each client "one (random) example of each missing
# class", as its docstring says; in fact each such client gets the same one, the first of its class in the data. Of 1,000 samples
# for 10 clients (Dirichlet, alpha = 0.1) 1,060 rows are dealt, and 10 samples make up all that have several owners.
# Seen: 1060 rows, 1000 samples, 10 with several owners, each the first of its class / without: 1000 rows, 1000 samples
findings_venv numpy==2.4.6 pandas==3.1.1 scipy==1.17.1 scikit-learn==1.9.1 matplotlib==3.11.2 ipywidgets==8.1.9
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fedartml==0.1.34
python - <<'PY'
import collections
import numpy
from fedartml import SplitAsFederatedData

labels = numpy.arange(1000) * 7 % 10
_, places, *_ = SplitAsFederatedData(random_state=1).create_clients(
    image_list=numpy.arange(1000.0).reshape(-1, 1), label_list=labels, num_clients=10, prefix_cli="c", method="dirichlet",
    alpha=0.1)
owners = collections.Counter(place for client in places["with_class_completion"] for place in client)
several = sorted(place for place, count in owners.items() if count > 1)
firsts = sorted(int(numpy.argmax(labels == label)) for label in range(10))
plain = [place for client in places["without_class_completion"] for place in client]
seen = (f"{owners.total()} rows, {len(owners)} samples, {len(several)} with several owners, "
        f"{'each the first of its class' if several == firsts else 'others'} / "
        f"without: {len(plain)} rows, {len(set(plain))} samples")
print(seen)
assert seen == ("1060 rows, 1000 samples, 10 with several owners, each the first of its class / "
                "without: 1000 rows, 1000 samples")
PY
