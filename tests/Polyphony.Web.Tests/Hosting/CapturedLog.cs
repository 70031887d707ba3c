using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>Everything that a log could hold: each line with its level, category, values, exception and the scopes around it.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> lines = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            List<string> parts = [logLevel.ToString(), category, formatter(state, exception), exception?.ToString() ?? ""];
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                parts.AddRange(values.Select(value => value.Key + "=" + value.Value));
            }

            log.scopes.ForEachScope((scope, into) =>
            {
                into.Add(scope?.ToString() ?? "");
                if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
                {
                    into.AddRange(pairs.Select(pair => pair.Key + "=" + pair.Value));
                }
            }, parts);
            log.lines.Enqueue(string.Join(" | ", parts));
        }
    }
}
