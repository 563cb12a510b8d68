"""What schemathesis is told of our document: how to send a piece of an upload."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
