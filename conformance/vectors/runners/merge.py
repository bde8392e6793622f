"""The merge of the contract, as an example for `python3 run.py --merge merge.py`: a function
of a record and the attributes of a patch. Neither is changed."""


def merge(record, patch):
    merged = dict(record)
    for name, value in patch.items():
        if name == "address" and value is not None:
            value = {**(record.get("address") or {}), **value}
        merged[name] = value
    return merged
