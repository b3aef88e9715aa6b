// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target of ours: Swift 6, explicit existentials, imports with their own access, no warnings.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// A room of the house: what it may import is what it depends on, and `scripts/walls` checks the rest.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The tests of a room.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The checks of undefined behaviour in our own C, where asked for (`scripts/sanitize address`): a trap, and no library.
let checks: [CSetting] =
    Context.environment["EDGE_UNDEFINED"] == nil
    ? [] : [.unsafeFlags(["-fsanitize=undefined", "-fsanitize-trap=undefined"])]

let house: [Target] = [
    // Layer 0: C.
    .systemLibrary(name: "CSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .target(name: "CShims", dependencies: ["CSSL"], path: "CShims/openssl", cSettings: checks),
    .target(name: "CSystemCalls", path: "CShims/system", cSettings: checks),

    // Layer 1: words.
    room("EdgeTypes", []),

    // Layer 2: ledger.
    room("EdgeMetering", ["EdgeTypes"]),
    room("EdgeConnections", ["EdgeMetering", "EdgeTypes"]),
    room("EdgeRouting", ["EdgeTypes"]),

    // Layer 3: tools.
    room("EdgeOpenSSL", ["CShims", "CSSL"]),
    room("EdgeChannels", ["EdgeMetering", "EdgeTypes", nioCore]),
    room("EdgeSystem", ["CSystemCalls", "EdgeTypes"]),
    room("EdgeSockets", ["EdgeChannels", "EdgeSystem", "EdgeTypes", nioCore]),

    // Layer 4: protocols.
    room("EdgeSniffing", ["EdgeTypes"]),
    room("EdgeTLS", ["EdgeMetering", "EdgeOpenSSL", "EdgeTypes", nioCore]),
    room("EdgeWebSocket", ["EdgeOpenSSL"]),
    room("EdgeTunnel", ["EdgeTypes"]),
    room("EdgeTokens", ["EdgeOpenSSL", "EdgeTypes"]),

    // Layer 5: carriers.
    room(
        "EdgeCarrier",
        ["EdgeChannels", "EdgeMetering", "EdgeTLS", "EdgeTunnel", "EdgeTypes", "EdgeWebSocket", nioCore]
    ),
    room("EdgeForwarding", ["EdgeCarrier", "EdgeChannels", "EdgeMetering", "EdgeTLS", "EdgeTypes", nioCore]),

    // Layer 6: services.
    room("EdgeConfiguration", ["EdgeRouting", "EdgeTypes", yams]),
    room(
        "EdgeAdmin",
        [
            "EdgeConnections", "EdgeMetering", "EdgeOpenSSL", "EdgeRouting", "EdgeTokens", "EdgeTypes",
            httpTypes, hummingbird, hummingbirdCore, logging, nioCore,
        ],
        resources: [.embedInCode("Page")]
    ),
    room(
        "EdgeAgent",
        [
            "EdgeCarrier", "EdgeChannels", "EdgeConfiguration", "EdgeForwarding", "EdgeMetering", "EdgeTLS",
            "EdgeTokens", "EdgeTunnel", "EdgeTypes", "EdgeWebSocket",
            logging, nioCore, nioPosix, serviceLifecycle, unixSignals,
        ]
    ),
    room(
        "EdgeRelay",
        [
            "EdgeAdmin", "EdgeCarrier", "EdgeChannels", "EdgeConfiguration", "EdgeConnections", "EdgeForwarding",
            "EdgeMetering", "EdgeRouting", "EdgeSniffing", "EdgeSockets", "EdgeSystem", "EdgeTLS", "EdgeTokens",
            "EdgeTunnel", "EdgeTypes", "EdgeWebSocket",
            logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle, unixSignals,
        ]
    ),

    // Layer 7: command.
    room(
        "EdgeDemo",
        [
            "EdgeAgent", "EdgeConfiguration", "EdgeRelay", "EdgeTypes", "EdgeWebSocket",
            httpTypes, hummingbird, logging, nioCore, serviceLifecycle, unixSignals,
        ]
    ),
    .executableTarget(
        name: "rvpn",
        dependencies: [
            "EdgeAgent", "EdgeConfiguration", "EdgeDemo", "EdgeRelay", "EdgeSniffing", "EdgeSystem", "EdgeTLS",
            "EdgeTokens", "EdgeTypes",
            argumentParser, logging, serviceLifecycle, unixSignals,
        ],
        swiftSettings: settings
    ),

    // Tests.
    .target(name: "EdgeTestKit", dependencies: ["EdgeOpenSSL"], path: "Tests/EdgeTestKit", swiftSettings: settings),
    .target(
        name: "EdgeHandlerKit",
        dependencies: [
            "EdgeChannels", "EdgeForwarding", "EdgeMetering", "EdgeOpenSSL", "EdgeTLS", "EdgeTunnel", "EdgeTypes",
            "EdgeWebSocket", nioCore, nioEmbedded,
        ],
        path: "Tests/EdgeHandlerKit",
        swiftSettings: settings
    ),
    .target(
        name: "EdgeFuzzing",
        dependencies: [
            "EdgeCarrier", "EdgeChannels", "EdgeConfiguration", "EdgeForwarding", "EdgeHandlerKit", "EdgeMetering",
            "EdgeOpenSSL", "EdgeSniffing", "EdgeTokens", "EdgeTunnel", "EdgeTypes", "EdgeWebSocket",
            nioCore, nioEmbedded,
        ],
        path: "Fuzz/EdgeFuzzing",
        swiftSettings: settings
    ),
    tests("EdgeFuzzingTests", ["EdgeFuzzing"]),
    tests("EdgeJourneyTests", ["EdgeTestKit"]),
    tests("EdgeTypesTests", ["EdgeTypes"]),
    tests("EdgeMeteringTests", ["EdgeMetering", "EdgeTypes"]),
    tests("EdgeConnectionsTests", ["EdgeConnections", "EdgeMetering", "EdgeTypes"]),
    tests("EdgeRoutingTests", ["EdgeRouting", "EdgeTypes"]),
    tests("EdgeOpenSSLTests", ["EdgeOpenSSL"]),
    tests("EdgeSystemTests", ["EdgeSystem", "EdgeTypes"]),
    tests(
        "EdgeSocketsTests",
        ["EdgeChannels", "EdgeSockets", "EdgeSystem", "EdgeTestKit", "EdgeTypes", nioCore, nioPosix]
    ),
    tests("EdgeSniffingTests", ["EdgeSniffing", "EdgeTypes"]),
    tests("EdgeTLSTests", ["EdgeMetering", "EdgeOpenSSL", "EdgeTLS", "EdgeTypes", nioCore, nioEmbedded]),
    tests("EdgeWebSocketTests", ["EdgeOpenSSL", "EdgeWebSocket"]),
    tests("EdgeTunnelTests", ["EdgeTunnel", "EdgeTypes"]),
    tests("EdgeTokensTests", ["EdgeOpenSSL", "EdgeTokens", "EdgeTypes"]),
    tests(
        "EdgeCarrierTests",
        [
            "EdgeCarrier", "EdgeChannels", "EdgeHandlerKit", "EdgeMetering", "EdgeTLS", "EdgeTunnel", "EdgeTypes",
            "EdgeWebSocket", nioCore, nioEmbedded,
        ]
    ),
    tests(
        "EdgeForwardingTests",
        [
            "EdgeCarrier", "EdgeChannels", "EdgeForwarding", "EdgeHandlerKit", "EdgeMetering", "EdgeTLS", "EdgeTunnel",
            "EdgeTypes", "EdgeWebSocket", nioCore, nioEmbedded, nioPosix,
        ]
    ),
    tests("EdgeAgentTests", ["EdgeAgent", "EdgeConfiguration", "EdgeTestKit", "EdgeTunnel", "EdgeTypes"]),
    tests(
        "EdgeAdminTests",
        ["EdgeAdmin", "EdgeConnections", "EdgeMetering", "EdgeTypes", logging, nioCore, nioPosix]
    ),
    tests(
        "EdgeRelayTests",
        [
            "EdgeAdmin", "EdgeRelay", "EdgeRouting", "EdgeTestKit", "EdgeTypes", logging, nioCore, nioPosix,
            serviceLifecycle,
        ]
    ),
    tests("EdgeChannelsTests", ["EdgeChannels", "EdgeMetering", "EdgeTypes", nioCore, nioEmbedded]),
    tests("EdgeConfigurationTests", ["EdgeConfiguration", "EdgeRouting", "EdgeTypes"]),

    // What is measured part by part; a test counts its allocations, hence it is always here.
    .target(name: "CAllocationCount", path: "Benchmarks/AllocationCount"),
    .executableTarget(
        name: "MicroBenchmarks",
        dependencies: [
            "CAllocationCount", "EdgeConnections", "EdgeOpenSSL", "EdgeRouting", "EdgeSniffing", "EdgeTokens",
            "EdgeTunnel",
            "EdgeTypes", "EdgeWebSocket",
            argumentParser,
        ],
        path: "Benchmarks/MicroBenchmarks",
        swiftSettings: settings
    ),
    tests("MicroBenchmarkTests", ["EdgeTestKit"]),
]

/// Fuzz targets do not link without a sanitizer, so they are here only when asked for (`scripts/fuzz`).
let fuzzers: [Target] = [
    "ClientHello", "HTTPPreface", "Sniffer", "WebSocketFrame", "TunnelPacket", "PackedTunnel", "ControlMessage",
    "Token",
    "Configuration", "Connection",
].map { parser in
    .executableTarget(
        name: "Fuzz\(parser)",
        dependencies: ["EdgeFuzzing"],
        path: "Fuzz/Fuzz\(parser)",
        swiftSettings: settings
    )
}

/// The programme of `make bench`; nobody else needs it.
let benchmarks: [Target] = [
    .executableTarget(
        name: "RelayBenchmark",
        dependencies: ["CSystemCalls", "EdgeOpenSSL", "EdgeTestKit", argumentParser],
        path: "Benchmarks/RelayBenchmark",
        swiftSettings: settings
    )
]

let asked = Context.environment
let package = Package(
    name: "rvpn",
    products: [.executable(name: "rvpn", targets: ["rvpn"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: house + (asked["EDGE_FUZZ"] == nil ? [] : fuzzers) + (asked["EDGE_BENCH"] == nil ? [] : benchmarks)
)
