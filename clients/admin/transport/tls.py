"""TLS to the broker: its certificate and host name are verified by the CA that `TAMDID_BROKER_CA` names, or by the system's."""

import os
import ssl

CA_VARIABLE = "TAMDID_BROKER_CA"


def context() -> ssl.SSLContext:
    """Raises `OSError` where the file is not there."""
    return ssl.create_default_context(cafile=os.environ.get(CA_VARIABLE))
