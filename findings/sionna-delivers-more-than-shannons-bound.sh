# Sionna SYS 2.2.0 takes an uplink's bits of a symbol and code rate from the tables without transform precoding (its default), but
# its block error rates for the uplink, PUSCH_table1.json and PUSCH_table2.json, are those of the tables with it, whose indices mean
# other codes. So index 27 of MCS table 2 carries the bits of 256QAM at 948/1024 and fails as 64QAM at 772/1024: at 17 dB all 1,000
# transport blocks arrive, with 7.4 bit/s per Hz, where Shannon's bound is 5.7. The same index of the downlink never arrives.
# Seen: Shannon 5.68, uplink 1000 of 1000 at 7.38, downlink 0 of 1000
findings_venv numpy==2.4.6 torch==2.13.0 sionna-no-rt==2.2.0
python - <<'PY'
import torch
from sionna.sys import PHYAbstraction

abstraction = PHYAbstraction()
blocks, elements = 1000, 5000
ratio = torch.tensor(10 ** 1.7)

def sent(category):
    bits, arrived, *_ = abstraction(
        mcs_index=torch.full((blocks,), 27, dtype=torch.int32), sinr_eff=ratio.expand(blocks),
        num_allocated_re=torch.full((blocks,), elements, dtype=torch.int32), mcs_table_index=2, mcs_category=category)
    return int((arrived == 1).sum()), float(bits.max()) / elements

(up, efficiency), (down, _) = sent(0), sent(1)
seen = (f"Shannon {float(torch.log2(1 + ratio)):.2f}, uplink {up} of {blocks} at {efficiency:.2f}, "
        f"downlink {down} of {blocks}")
print(seen)
assert seen == "Shannon 5.68, uplink 1000 of 1000 at 7.38, downlink 0 of 1000"
PY
