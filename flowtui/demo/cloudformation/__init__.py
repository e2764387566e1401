"""CloudFormation of the demo account: reads templates as CloudFormation does and works through them as time goes by."""
