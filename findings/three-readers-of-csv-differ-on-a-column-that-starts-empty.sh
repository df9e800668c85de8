# A column of numbers whose first rows are empty: polars 2.1.0 makes it text from 100 empty rows on (99 are fine), DuckDB 2.0.1
# from 20,480 on, and pyarrow 26.0.1 reads it whole as numbers but fails in its streaming reader, whose first block fixes the
# type as null. All of them as they come, without options.
# Seen: Float64 String / DOUBLE VARCHAR / double ArrowInvalid
findings_venv polars==2.1.0 duckdb==2.0.1 pyarrow==26.0.1
python - <<'PY'
import duckdb, polars, pyarrow, pyarrow.csv

def write(empty):
    with open("column.csv", "w") as file:
        file.write("a,b\n" + "".join(f"{n},\n" for n in range(empty)) + "".join(f"{n},{n}.5\n" for n in range(200)))

def told(empty, read):
    write(empty)
    return str(read("column.csv"))

by_polars = [told(n, lambda f: polars.read_csv(f).dtypes[1]) for n in (99, 100)]
by_duckdb = [told(n, lambda f: duckdb.sql(f"select * from '{f}'").types[1]) for n in (20000, 20480)]
whole = told(300000, lambda f: pyarrow.csv.read_csv(f).schema.types[1])
try:
    list(pyarrow.csv.open_csv("column.csv"))
    streamed = "read"
except pyarrow.ArrowInvalid:
    streamed = "ArrowInvalid"
seen = " / ".join([" ".join(by_polars), " ".join(by_duckdb), f"{whole} {streamed}"])
print(seen)
assert seen == "Float64 String / DOUBLE VARCHAR / double ArrowInvalid"
PY
