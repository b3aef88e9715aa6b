/// The paths of the admin site.
enum AdminPath: String, CaseIterable, Sendable {
    /// The status as a page, or as JSON where asked for.
    case root = "/"
    /// The status as JSON.
    case status = "/api/v1/status"
    /// The same, for people who type.
    case statusFile = "/status.json"
    /// Whether the process answers.
    case health = "/healthz"
    /// Whether the relay takes connections.
    case readiness = "/readyz"
    /// The pages' style.
    case style = "/page.css"
    /// What keeps the status page fresh.
    case script = "/page.js"
}
