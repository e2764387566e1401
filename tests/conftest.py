"""What holds for every test: no deadline, because a busy machine is no failure; what never changes is read once."""

import functools
import signal

import pytest
from hypothesis import settings

settings.register_profile("flowtui", deadline=None)
settings.load_profile("flowtui")


def pytest_configure() -> None:
    """Let signals mean what they mean on a terminal: a job in the background ignores Ctrl-C, and so would every program
    that a test starts and interrupts; some of those would not end by themselves."""
    for number, meant in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, meant)


@pytest.fixture(scope="session", autouse=True)
def service_models_read_once():
    """Every session of boto3 reads the services' descriptions again, half a second each time; here they share them."""
    import botocore.session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(botocore.session.create_loader))
        yield
