import EdgeChannels
package import EdgeTunnel
package import EdgeTypes
import NIOCore
import Synchronization

/// The life of the streams.
extension TunnelCarrierHandler {
    /// Opens a stream for a visitor.
    ///
    /// - Parameters:
    ///   - peer: the visitor's address; its port is replaced where the pair is in use already.
    ///   - service: what the visitor speaks, as the client is told.
    ///   - servicePort: the port that the visitor dialled.
    ///   - name: the name that the visitor asked for.
    /// - Returns: the stream, its end not set yet, or nil when the tunnel is over, holds too many, or takes no more and
    ///   much that is no data waits for it already.
    package func openStream(
        peer: PeerAddress,
        service: TunnelService,
        servicePort: UInt16,
        name: Hostname?
    ) -> CarrierStream? {
        guard self.isOpen, self.streams.count < self.settings.streams, self.noticesWaiting <= Self.longestNotices,
            let id = self.freeID(near: peer)
        else { return nil }
        let profile = self.settings.profile
        let label = TunnelLabel(
            id: id,
            service: profile.service(for: service),
            servicePort: servicePort,
            name: name,
            fields: profile.headerFields
        )
        let machine = TunnelStreamStateMachine(
            needsGate: profile.needsGate,
            halfCloses: profile.halfCloses,
            isAnnounced: profile.opensWithConnection
        )
        let stream = CarrierStream(
            id: id,
            label: label,
            service: service,
            servicePort: servicePort,
            name: name,
            machine: machine,
            carrier: self
        )
        self.insert(stream)
        if profile.opensWithConnection { self.send(.connection, body: [], on: stream) }
        return stream
    }

    /// The number of the next stream.
    func nextSerial() -> UInt64 {
        self.serial += 1
        return self.serial
    }

    private func insert(_ stream: CarrierStream) {
        self.streams[stream.id] = stream
        self.live += 1
        self.pulse.streams.store(self.live, ordering: .relaxed)
    }

    /// A stream counts no longer among the open ones; its key may be kept for a while.
    func retire(_ stream: CarrierStream) {
        guard stream.isLive else { return }
        stream.isLive = false
        self.live -= 1
        self.pulse.streams.store(self.live, ordering: .relaxed)
    }

    /// The stream of a key, unless it is over.
    func stream(_ key: StreamKey) -> CarrierStream? {
        guard let stream = self.streams[key.id], stream.serial == key.serial else { return nil }
        return stream
    }

    /// A key that is neither live nor in quarantine: the visitor's own where that is so, else one with another port.
    private func freeID(near peer: PeerAddress) -> StreamID? {
        let address = peer.address ?? NetworkAddress(ipv4: 0x7F00_0001)
        let own = StreamID(address: address, port: peer.port)
        if peer.port != 0, self.streams[own] == nil { return own }
        var port = UInt16.random(in: 1024 ... .max)
        for _ in 0...UInt16.max {
            let other = StreamID(address: address, port: port)
            if port != 0, self.streams[other] == nil { return other }
            port &+= 1
        }
        return nil
    }

    /// The peer named a stream that is not there: an agent opens it, a relay ignores it.
    func streamOpenedByPeer(_ header: TunnelHeader) -> CarrierStream? {
        guard self.settings.side == .agent, let id = header.streamID, let owner else { return nil }
        if let kept = self.streams[id], kept.end == nil, header.service == .connection {
            // The peer uses the key again: it has let go of the stream that is in quarantine here.
            self.peerEnded(kept)
        }
        guard self.streams[id] == nil else { return nil }
        let service = header.extraService ?? header.service
        let name = header.name.flatMap { Hostname($0) }
        let label = TunnelLabel(
            id: id,
            service: service,
            servicePort: header.servicePort ?? 0,
            name: name,
            fields: self.settings.profile.headerFields
        )
        let machine = TunnelStreamStateMachine(needsGate: false, halfCloses: true, isAnnounced: true)
        let stream = CarrierStream(
            id: id,
            label: label,
            service: service,
            servicePort: header.servicePort ?? 0,
            name: name,
            machine: machine,
            carrier: self
        )
        guard self.streams.count < self.settings.streams else {
            self.send(.error, body: [], on: stream)
            return nil
        }
        self.insert(stream)
        guard let end = owner.streamOpened(stream, header: header) else {
            // The key is kept for a while: what is under way to it asks nobody again.
            self.localGone(stream, wasReset: true)
            return nil
        }
        stream.end = end
        return stream
    }

    /// Closes some streams: their grant is gone.
    ///
    /// - Parameter isConcerned: whether a stream closes.
    package func closeStreams(where isConcerned: (CarrierStream) -> Bool) {
        for stream in self.streams.values where isConcerned(stream) {
            guard let end = stream.end else { continue }
            end.finish(.operatorRequest)
            stream.localGone(wasReset: false)
        }
    }

    func localEnded(_ stream: CarrierStream) {
        switch stream.machine.localEnded() {
        case .sendEnd:
            self.sendEnd(on: stream)
        case .sendEndAndClose:
            self.sendEnd(on: stream)
            self.remove(stream)
        case .awaitAnswer:
            self.awaitAnswer(stream)
        case .forget:
            stream.end?.finish(.downstreamClosed)
            self.remove(stream)
        case .hold, .ignore:
            break
        }
    }

    func localGone(_ stream: CarrierStream, wasReset: Bool) {
        self.noLongerBlocks(stream)
        self.visitorLeft(stream)
        self.retire(stream)
        self.scheduler.leave(stream.id)
        switch stream.machine.localGone(wasReset: wasReset) {
        case .sendEnd:
            self.sendEnd(on: stream)
        case .sendError:
            self.send(.error, body: self.endBody, on: stream)
        case .forget:
            if stream.machine.isClosed { self.remove(stream) }
            return
        case .hold:
            return
        }
        if stream.machine.isClosed {
            self.remove(stream)
        } else {
            self.quarantines.add(stream.key, at: self.now)
            self.armTimer()
        }
    }

    func peerEnded(_ stream: CarrierStream) {
        if stream.sent > 0 { self.endedUnanswered(stream) }
        switch stream.machine.peerEnded() {
        case .endLocalInput:
            stream.end?.endOutput()
        case .finishLocal:
            stream.end?.finish(.upstreamClosed)
            self.remove(stream)
        case .release:
            self.remove(stream)
        case .ignore:
            break
        }
    }

    func peerFailed(_ stream: CarrierStream) {
        self.endedUnanswered(stream)
        self.refused(stream)
        switch stream.machine.peerFailed() {
        case .resetLocal:
            stream.end?.reset(.upstreamReset)
            self.remove(stream)
        case .release:
            self.remove(stream)
        case .ignore:
            break
        }
    }

    func openGate(_ stream: CarrierStream) {
        switch stream.machine.gateOpened() {
        case .resume:
            self.sendKept(stream)
            stream.end?.resumeReading()
        case .sendEnd:
            self.sendKept(stream)
            self.sendEnd(on: stream)
        case .awaitAnswer:
            self.sendKept(stream)
            self.awaitAnswer(stream)
        case .sendEndAndQuarantine:
            self.dropKept(stream)
            self.sendEnd(on: stream)
            self.quarantines.add(stream.key, at: self.now)
            self.armTimer()
        case .ignore:
            break
        }
    }

    func resumedByPeer(_ stream: CarrierStream) {
        guard stream.isPausedByPeer else { return }
        stream.isPausedByPeer = false
        stream.end?.resumeReading()
    }

    func sendEnd(on stream: CarrierStream) {
        self.send(.end, body: self.endBody, on: stream)
    }

    /// The body of `end` and `error`: the older clients lose their framing over an empty one.
    private var endBody: [UInt8] {
        [UInt8](repeating: 0x20, count: self.settings.profile.endBodyLength)
    }

    /// Lets go of a stream whose key is free.
    func remove(_ stream: CarrierStream) {
        self.noLongerBlocks(stream)
        self.retire(stream)
        self.dropKept(stream)
        guard self.streams[stream.id] === stream else { return }
        self.scheduler.leave(stream.id)
        self.streams[stream.id] = nil
    }
}
