# Sionna SYS 2.2.0 tabulates block error rates at ratios 1.79 dB (MCS table 1) or 1.58 dB (tables 2 and 3) apart, over which they
# fall from 1 to 0, and interpolates between them. So one and the same code has another error rate in each table: at 4.4 dB, a
# code block of 2,000 bits with 16QAM at 434/1024 fails 15 times in 100 as index 12 of table 1 and 96 times as index 6 of
# table 2; QPSK at 526/1024 falls to 10 % at 0.75 dB as index 7 of table 1 and at 1.50 dB as index 13 of table 3.
# Seen: 0.145 0.965 / 0.75 dB 1.50 dB
findings_venv numpy==2.4.6 torch==2.13.0 sionna-no-rt==2.2.0
python - <<'PY'
import torch
from sionna.phy.nr.utils import decode_mcs_index
from sionna.sys import PHYAbstraction

abstraction = PHYAbstraction()
ratios = torch.arange(0.0, 6.0, 0.05, dtype=torch.float64)

def scheme(table, index):
    order, rate = decode_mcs_index(index, table, is_pusch=False)
    return int(order), round(float(rate) * 1024)

def curve(table, index):
    def all_of(value):
        return torch.full(ratios.shape, value, dtype=torch.int32)
    linear = (10 ** (ratios / 10)).float()
    return abstraction.get_bler(all_of(index), all_of(table), all_of(1), all_of(2000), linear)

def tenth(table, index):
    return float(ratios[(curve(table, index) <= 0.1).nonzero()[0, 0]])

assert scheme(1, 12) == scheme(2, 6) == (4, 434) and scheme(1, 7) == scheme(3, 13) == (2, 526)
place = int((ratios - 4.4).abs().argmin())
shares = [float(curve(*which)[place]) for which in ((1, 12), (2, 6))]
seen = " / ".join([" ".join(f"{share:.3f}" for share in shares), f"{tenth(1, 7):.2f} dB {tenth(3, 13):.2f} dB"])
print(seen)
assert seen == "0.145 0.965 / 0.75 dB 1.50 dB"
PY
