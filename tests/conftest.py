"""What holds for every test: no deadline, because a busy machine is no failure; what never changes is read once."""

import functools

import pytest
from hypothesis import settings

settings.register_profile("flowtui", deadline=None)
settings.load_profile("flowtui")


@pytest.fixture(scope="session", autouse=True)
def service_models_read_once():
    """Every session of boto3 reads the services' descriptions again, half a second each time; here they share them."""
    import botocore.session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(botocore.session.create_loader))
        yield
