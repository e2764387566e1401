"""The Detail screen: one VPC, its flow logs, interfaces and findings."""
