"""The formats of text that the description names and JSON Schema does not."""

import schemathesis
from hypothesis import strategies as st

addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)


@st.composite
def prefixes(draw):
    version = draw(st.sampled_from([4, 6]))
    address = draw(st.ip_addresses(v=version))
    return f"{address}/{draw(st.integers(0, 32 if version == 4 else 128))}"


schemathesis.openapi.format("ip", addresses)
schemathesis.openapi.format("cidr", prefixes())
# A few hosts and the networks of the test, so that requests meet each other.
schemathesis.openapi.format("host-name", st.one_of(st.sampled_from(["n1", "n2", "n3"]), names))
schemathesis.openapi.format("network-name", st.one_of(st.sampled_from(["pods", "pods6"]), names))
