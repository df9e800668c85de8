# In a CSV column of numbers polars 2.1.0 takes "inf" for a number and "nan" for text; DuckDB 2.0.1 the other way round. No
# column with a value that is not finite is therefore one of numbers to both; pyarrow 26.0.1 takes either.
# Seen: inf Float64 VARCHAR double / nan String DOUBLE double
findings_venv polars==2.1.0 duckdb==2.0.1 pyarrow==26.0.1
python - <<'PY'
import duckdb, polars, pyarrow.csv

def row(word):
    with open("words.csv", "w") as file:
        file.write(f"a\n{word}\n1.5\n")
    types = [polars.read_csv("words.csv").dtypes[0], duckdb.sql("select * from 'words.csv'").types[0],
             pyarrow.csv.read_csv("words.csv").schema.types[0]]
    return " ".join([word] + [str(type) for type in types])

seen = " / ".join(row(word) for word in ("inf", "nan"))
print(seen)
assert seen == "inf Float64 VARCHAR double / nan String DOUBLE double"
PY
