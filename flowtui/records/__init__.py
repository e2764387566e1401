"""What a flow log record is: fields, layouts, parsing, labels. Standard library only, no input or output."""
