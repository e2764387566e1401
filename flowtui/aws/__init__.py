"""The seam to AWS: one Account, one gateway module a service, frozen dataclasses out."""
