"""The bundled CloudFormation templates: read, plan, deploy."""
