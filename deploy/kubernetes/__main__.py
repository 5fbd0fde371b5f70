"""Writes the Kubernetes manifests: `python -m deploy.kubernetes`."""

from deploy.kubernetes import rendering

rendering.write()
