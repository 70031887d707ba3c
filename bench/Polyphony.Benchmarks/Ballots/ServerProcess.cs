using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>The real server program in a process of its own, on a free loopback port, with a data directory of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string program;
    private readonly string[] leading;
    private readonly string data;
    private readonly string database;
    private readonly List<string> said = [];
    private Process? process;

    /// <param name="data">Directory for keys and outbox.</param>
    /// <param name="database">As <c>Polyphony__Database</c> takes it.</param>
    /// <param name="program">The program's .dll; null for the server that was built with this one.</param>
    /// <param name="leading">Arguments before the server's own.</param>
    public ServerProcess(string data, string database, string? program = null, params string[] leading)
    {
        this.data = data;
        this.database = database;
        this.leading = leading;
        this.program = program ?? FindServer();
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Port = ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public int Id => process!.Id;

    /// <summary>Processor time that the server has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process!.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public long WorkingSet
    {
        get
        {
            process!.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts the program and waits for a good answer.</summary>
    /// <param name="path">What is asked for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>From the start of the process to the end of the first good answer.</returns>
    public async Task<TimeSpan> StartAsync(string path, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data,
        };
        foreach (string argument in (string[])["exec", program, .. leading, "--urls", $"http://127.0.0.1:{Port}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["Polyphony__Data"] = data;
        start.Environment["Polyphony__Database"] = database;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        said.Clear();
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(path, cancellationToken);
                if ((int)answer.StatusCode < 500)
                {
                    await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                    return Stopwatch.GetElapsedTime(started);
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // It does not listen yet.
            }

            if (process.HasExited)
            {
                break;
            }

            await Task.Delay(25, cancellationToken);
        }

        throw new InvalidOperationException("The server did not start:\n" + string.Join('\n', said));

        void Keep(string? line)
        {
            lock (said)
            {
                if (line is not null && said.Count < 200)
                {
                    said.Add(line);
                }
            }
        }
    }

    /// <summary>Waits until the program says something on its console.</summary>
    /// <returns>The match.</returns>
    public async Task<string> HearAsync(Regex words, CancellationToken cancellationToken)
    {
        for (int i = 0; i < 400; i++)
        {
            lock (said)
            {
                if (said.Select(line => words.Match(line)).FirstOrDefault(match => match.Success) is { } heard)
                {
                    return heard.Value;
                }
            }

            await Task.Delay(25, cancellationToken);
        }

        throw new InvalidOperationException("The server did not say it:\n" + string.Join('\n', said));
    }

    /// <summary>SIGKILL: the process gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static string FindServer()
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));
        string beside = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Polyphony.Web", configuration, "Polyphony.Web.dll"));
        return File.Exists(beside) ? beside : throw new FileNotFoundException("Build src/Polyphony.Web first.", beside);
    }
}
