"""A device with passkeys for a browser, and the console at a name, since passkeys belong to no number."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page

from e2e.server import Console

OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Device:
    """Chromium's own device in software, whose user unlocks it at once unless it is locked."""

    network: CDPSession
    id: str

    def lock(self, locked: bool = True) -> None:
        """Let its user fail to unlock it, or unlock it again."""
        self._set("WebAuthn.setUserVerified", isUserVerified=not locked)

    def leave(self, left: bool = True) -> None:
        """Let nobody touch it, or touch it at once."""
        self._set("WebAuthn.setAutomaticPresenceSimulation", enabled=not left)

    def passkeys(self) -> list[dict[str, Any]]:
        """The passkeys that it holds."""
        found = self.network.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return found["credentials"]

    def set_count(self, count: int) -> None:
        """Let its one passkey say that it was used so often."""
        [held] = self.passkeys()
        self._set("WebAuthn.removeCredential", credentialId=held["credentialId"])
        self._set("WebAuthn.addCredential", credential={**held, "signCount": count})

    def _set(self, command: str, **options: Any) -> None:
        self.network.send(command, {"authenticatorId": self.id, **options})


def at_name(server: Console) -> str:
    """The address of the console by the name of this machine."""
    return server.url.replace("127.0.0.1", "localhost")


def a_device(page: Page) -> Device:
    """Give a page a device without passkeys."""
    network = page.context.new_cdp_session(page)
    network.send("WebAuthn.enable", {"enableUI": False})
    made = network.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})
    return Device(network, made["authenticatorId"])
