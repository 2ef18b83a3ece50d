"""The icons of @tabler/icons that pages use; the sprite holds these and no others.

A template that names another icon fails `tests/shell/test_icons.py`: add the name here, then run
`python -m salesys.shell.vendor`.
"""

from __future__ import annotations

ICONS = (
    "activity", "address-book", "adjustments", "alert-circle", "alert-triangle", "archive", "arrow-back-up", "arrow-down",
    "arrow-down-right", "arrow-left", "arrow-right", "arrow-up", "arrow-up-right", "arrows-exchange", "arrows-sort", "ban",
    "bell", "book", "briefcase", "building", "building-bank", "building-community", "building-store", "bulb", "cake",
    "calculator", "calendar", "calendar-due", "calendar-event", "calendar-stats", "cash", "category", "chart-bar",
    "chart-donut", "chart-dots", "chart-funnel", "chart-line", "check", "checklist", "checks", "chevron-down", "chevron-left",
    "chevron-right", "chevron-up", "circle", "circle-check", "circle-dashed", "circle-x", "clipboard-check", "clipboard-list",
    "clock", "clock-pause", "coin", "coins", "command", "contract", "copy", "corner-down-left", "credit-card", "crown",
    "database", "database-import", "device-desktop", "diamond", "discount", "dots", "download", "edit", "external-link",
    "eye", "eye-off", "file", "file-description", "file-export", "file-import", "file-invoice", "file-text", "filter", "flag",
    "flame", "forms", "gavel", "gift", "git-branch", "globe", "grip-vertical", "hand-stop", "headset", "help", "hierarchy",
    "hierarchy-2", "history", "home", "hourglass", "id", "inbox", "info-circle", "key", "keyboard", "language",
    "layout-board", "layout-dashboard", "layout-kanban", "link", "list", "list-check", "list-details", "list-tree", "lock",
    "login", "logout", "mail", "mail-forward", "map-pin", "menu-2", "message", "message-circle", "messages", "microphone",
    "minus", "mood-empty", "moon", "note", "notes", "package", "paperclip", "percentage", "phone", "phone-call",
    "phone-check", "phone-incoming", "phone-off", "phone-outgoing", "phone-plus", "phone-x", "pin", "player-pause",
    "player-play", "player-skip-forward", "plug", "plus", "point", "presentation", "progress", "progress-check", "receipt",
    "receipt-2", "receipt-refund", "refresh", "repeat", "report", "report-analytics", "report-money", "rocket", "route",
    "scale", "school", "search", "search-off", "seedling", "send", "server", "settings", "shield", "shield-lock", "sitemap",
    "sort-ascending", "sort-descending", "sparkles", "stack-2", "star", "steam", "subtask", "sum", "sun", "table", "tag",
    "target", "target-arrow", "thumb-down", "thumb-up", "timeline", "tool", "transfer", "trash", "trending-down",
    "trending-up", "trophy", "upload", "user", "user-check", "user-circle", "user-cog", "user-heart", "user-minus",
    "user-plus", "user-search", "user-share", "user-x", "users", "users-group", "versions", "wallet", "wifi-off", "world",
    "x", "zoom-question",
)  # fmt: skip
