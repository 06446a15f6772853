"""The same trials on many hosts: dask.distributed hands them out, and workers on other machines measure them.

The scheduler, retries, resources, nannies and encryption are Dask's. Nothing else in claimlab imports it, nor this.
"""
