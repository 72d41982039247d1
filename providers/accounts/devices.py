"""A name for a device that its owner recognises, from what its browser says of itself."""

# The first that is found counts: Edge also says Chrome, and Chrome also says Safari.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def device_name(user_agent: str) -> str:
    browser, system = (
        next((name for mark, name in known.items() if mark in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    )
    if browser and system:
        return f"{browser} op {system}"
    return browser or system or "Onbekend apparaat"
