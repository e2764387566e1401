"""What holds for every test: hypothesis sets no deadline, because a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("flowtui", deadline=None)
settings.load_profile("flowtui")
