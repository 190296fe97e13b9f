"""Pure rules: values in, values out; no Django, no I/O, no clock."""
