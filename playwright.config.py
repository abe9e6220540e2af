"""The browser suite's settings, in the shape of playwright.config.ts; e2e/config.py reads and checks them."""

config = {
    "testDir": "e2e",
    "outputDir": "test-results",
    "timeout": 30_000,
    "globalTimeout": 1_800_000,
    "expect": {"timeout": 3_000},
    "retries": 0,
    "forbidOnly": False,
    "maxFailures": 0,
    "workers": 2,
    "repeatEach": 1,
    "shard": None,
    "reportSlowTests": {"max": 5, "threshold": 2_000},
    "reporter": [["dot"]],
    "webServer": None,
    "use": {
        "trace": "off",
        "screenshot": "off",
        "video": "off",
        "locale": "en-GB",
        "timezoneId": "Europe/Berlin",
        "viewport": {"width": 1440, "height": 900},
        "colorScheme": "light",
        "reducedMotion": "reduce",
        "actionTimeout": 5_000,
        "navigationTimeout": 10_000,
        "testIdAttribute": "data-testid",
        "launchOptions": {"headless": True},
    },
    "projects": [
        {"name": "chromium", "use": {"browserName": "chromium"}, "grepInvert": "@phone_only"},
        {
            "name": "phone",
            "use": {
                "browserName": "chromium",
                "viewport": {"width": 390, "height": 844},
                "deviceScaleFactor": 3,
                "isMobile": True,
                "hasTouch": True,
            },
            "grep": "@phone",
        },
        # The same browser over the other database, for what reads and writes it in ways of its own.
        {
            "name": "postgresql",
            "metadata": {"database": "postgresql"},
            "use": {"browserName": "chromium"},
            "grep": "@postgresql",
        },
    ],
}
