"""All the calls, one method each."""

from __future__ import annotations

from repurpose.client.brands import Brands
from repurpose.client.endpoints import Endpoints
from repurpose.client.events import Events
from repurpose.client.leads import Leads
from repurpose.client.published import Published


class Client(Events, Published, Brands, Endpoints, Leads):
    """The API at `base`, asked with the key `key`. Changes are tried again safely when the connection breaks."""
