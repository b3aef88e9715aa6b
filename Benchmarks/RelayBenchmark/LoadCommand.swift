import ArgumentParser
import Foundation

/// A load's process.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "load", shouldDisplay: false)

    @Argument
    var plan: String

    func run() throws {
        let plan = try JSONDecoder().decode(LoadPlan.self, from: Data(self.plan.utf8))
        var generator = try Generator(plan)
        let result = generator.run()
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }
}
