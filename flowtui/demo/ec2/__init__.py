"""EC2 of the demo account: the network is told from the world, flow logs are kept in the state."""
