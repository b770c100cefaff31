"""Compiled kernels: arrays in, arrays out. Private to Suffice; nothing here checks what it is given."""
