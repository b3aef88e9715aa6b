import EdgeTestKit
import Foundation
import Glibc

/// nginx, for what it can do: end TLS, and pass it through by name where its stream module is there.
struct NginxPeer: Peer {
    let name = "nginx"
    /// The program.
    let program: String
    /// What is shared.
    let lab: Lab
    /// The file of the stream module, or nil where it is none of its own.
    let streamModule: String?

    var ways: Set<Measure.Way> { self.streamModule == nil ? [.edge] : [.edge, .passThrough] }

    /// Where distributions put the module.
    ///
    /// - Returns: its path, or nil.
    static func findStreamModule() -> String? {
        ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules"]
            .map { $0 + "/ngx_stream_module.so" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    func start(needsClient: Bool) throws -> RunningPeer {
        let ports = try Loopback.freePorts(2)
        let folder = self.lab.folder.path + "/nginx"
        let path = try self.lab.folder.write("nginx/nginx.conf", self.configuration(edge: ports[0], ports[1]))
        let process = try Lab.start([self.program, "-p", folder, "-c", path, "-e", folder + "/error.log"])
        let used = self.streamModule == nil ? [ports[0]] : ports
        try Lab.wait(for: used, of: process)
        return RunningPeer(process: process, beside: [], ports: [.edge: ports[0], .passThrough: ports[1]])
    }

    private func configuration(edge: UInt16, _ passThrough: UInt16) -> String {
        """
        \(self.streamModule.map { "load_module \($0);" } ?? "")
        \(getuid() == 0 ? "user root;" : "")
        worker_processes \(self.lab.loops);
        daemon off;
        pid nginx.pid;
        events { worker_connections \(2 * self.lab.mostConnections); }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            client_max_body_size 0;
            keepalive_requests 1000000000;
            keepalive_timeout 120s;
            upstream plain {
                server 127.0.0.1:\(self.lab.plainPort);
                keepalive 512;
                keepalive_requests 1000000000;
            }
            server {
                listen 127.0.0.1:\(edge) ssl;
                ssl_certificate \(self.lab.certificate.chain);
                ssl_certificate_key \(self.lab.certificate.key);
                ssl_protocols TLSv1.3;
                ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
                ssl_ecdh_curve X25519;
                location / {
                    proxy_pass http://plain;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_request_buffering off;
                    proxy_max_temp_file_size 0;
                }
            }
        }
        \(self.streamModule == nil ? "" : self.stream(passThrough))

        """
    }

    private func stream(_ port: UInt16) -> String {
        """
        stream {
            map $ssl_preread_server_name $target {
                \(Lab.passThroughName) 127.0.0.1:\(self.lab.securePort);
            }
            server {
                listen 127.0.0.1:\(port);
                ssl_preread on;
                proxy_pass $target;
            }
        }
        """
    }
}
