package import EdgeConfiguration
import EdgeSystem
import EdgeTLS
import EdgeTypes

/// What `rvpn check` asks: everything that a start would find, without serving.
package enum RelayCheck {
    /// What a configuration says of the log, so that the log can be set up before the relay starts.
    ///
    /// - Parameters:
    ///   - configurationFile: the configuration's file.
    ///   - environment: the environment, for overrides.
    /// - Returns: level and format, or nil where the configuration cannot be read.
    package static func log(configurationFile: String, environment: [String: String]) -> LogConfiguration? {
        PlanReader(file: configurationFile, environment: environment, loader: CertificateLoader()).read().plan?
            .configuration.log
    }

    /// Reads a configuration and all it names, and tries its listeners.
    ///
    /// - Parameters:
    ///   - configurationFile: the configuration's file.
    ///   - environment: the environment, for overrides.
    /// - Returns: every problem, warnings included; none when the relay would start.
    package static func problems(configurationFile: String, environment: [String: String]) -> [CheckProblem] {
        let reading = PlanReader(file: configurationFile, environment: environment, loader: CertificateLoader()).read()
        var problems = reading.problems
        guard let plan = reading.plan else { return problems }
        for listener in plan.configuration.listeners {
            if case .inherited = listener.address { continue }
            do throws(SystemError) {
                try ListeningSocket.bind(listener.address, options: ListenerOptions()).close()
            } catch {
                problems.append(
                    CheckProblem(
                        file: configurationFile,
                        message: "listener \(listener.address): \(error)",
                        mend: error.isPermission ? nil : "stop what holds it, or choose another port"
                    )
                )
            }
        }
        return problems
    }
}
