# SPDX-License-Identifier: Apache-2.0
"""Makes what is measured: text by `weir synth`, and from it gzip files, Parquet and NetFlow.

Everything lies in build/bench/data/SIZE/ and is made once. Put a text file of your own there as
v2.log or v5.log and it is measured instead.
"""
import concurrent.futures
import gzip
import pathlib
import subprocess

BLOCK = 1 << 20
GZIP_LEVEL = 6                # gzip's default; the files in S3 have the size that it gives
PARTS = 16
SMALL_PART = 500_000          # bytes of text in each of the many small files


def make_text(weir, fields, size, path):
    """`size` bytes of records. The same seed gives the same bytes on every machine."""
    if path.exists():
        return
    unfinished = path.with_suffix(".unfinished")
    subprocess.run([weir, "synth", "--seed", "1", "--size", str(size), "--fields", fields,
                    "-o", str(unfinished)], check=True)
    unfinished.rename(path)


def _pack(text, begin, end, header, path):
    """Lines begin..end of a text file as a gzip file with the header in front."""
    with open(text, "rb") as source, open(path, "wb") as raw:
        source.seek(begin)
        with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=GZIP_LEVEL, mtime=0,
                           filename="") as packed:
            packed.write(header)
            while begin < end:
                block = source.read(min(BLOCK, end - begin))
                packed.write(block)
                begin += len(block)


def make_parts(text, folder, count):
    """Cuts a text file at line ends into `count` gzip files of one size."""
    if folder.is_dir():
        return
    unfinished = folder.with_suffix(".unfinished")
    unfinished.mkdir(exist_ok=True)
    size = text.stat().st_size
    with open(text, "rb") as source:
        header = source.readline()
        cuts = [len(header)]
        for part in range(1, count):
            source.seek(len(header) + (size - len(header)) * part // count)
            source.readline()
            cuts.append(source.tell())
    cuts.append(size)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        list(pool.map(_pack, [text] * count, cuts[:-1], cuts[1:], [header] * count,
                      [unfinished / f"{part:05}.log.gz" for part in range(count)]))
    unfinished.rename(folder)


def make_megabyte(text, path):
    """The first megabyte of a text file, in whole lines."""
    if not path.exists():
        with open(text, "rb") as source:
            start = source.read(1_000_000)
        path.write_bytes(start[:start.rindex(b"\n") + 1])


def make_parquet(database, table, path):
    """Parquet as DuckDB writes it, for the comparison with a format made for analysis."""
    if path.exists():
        return
    unfinished = path.with_suffix(".unfinished")
    database(f"COPY (SELECT * FROM {table}) TO '{unfinished}' (FORMAT parquet, COMPRESSION zstd)")
    unfinished.rename(path)


def files_of(data_set, folder):
    """The files of a data set, once make() has made them."""
    if data_set.shape == "text":
        return [folder / f"{data_set.fields}.log"]
    if data_set.shape == "megabyte":
        return [folder / "v2-1MB.log"]
    return sorted((folder / data_set.name).glob("*.gz"))


def make(data_set, folder, size, weir):
    """Makes a data set if it is not there. Returns its files and its bytes of text."""
    folder.mkdir(parents=True, exist_ok=True)
    text = folder / f"{data_set.fields}.log"
    make_text(weir, data_set.fields, size, text)
    measured = text
    if data_set.shape == "gz":
        make_parts(text, folder / data_set.name, PARTS)
    elif data_set.shape == "small-gz":
        make_parts(text, folder / data_set.name, max(2, round(text.stat().st_size / SMALL_PART)))
    elif data_set.shape == "megabyte":
        measured = folder / "v2-1MB.log"
        make_megabyte(text, measured)
    return files_of(data_set, folder), measured.stat().st_size


def read_again(files):
    """Puts files into the page cache: what is idle there is reclaimed on some machines."""
    buffer = bytearray(BLOCK)
    for name in files:
        paths = sorted(pathlib.Path(name).rglob("*")) if pathlib.Path(name).is_dir() else [name]
        for path in paths:
            if pathlib.Path(path).is_file():
                with open(path, "rb", buffering=0) as source:
                    while source.readinto(buffer):
                        pass
