using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polyphony.Sheets;
using Spectre.Console;

namespace Polyphony.Cli.Frame;

/// <summary>How a verb speaks: sentences for people, or exactly one JSON object.</summary>
internal sealed class Shell(TextWriter output, TextWriter error, bool json, bool terminal)
{
    private static readonly Lock One = new();
    private static bool given;

    /// <summary>Says that a signal ended the work, in the place of work that does not listen; nothing is said after it, nor twice.</summary>
    public static int Interrupt(TextWriter output, TextWriter error, bool json)
    {
        One.Enter();
        return given ? ExitCode.Interrupted : new Shell(output, error, json, terminal: false).Interrupted();
    }

    /// <summary>Says that a signal ended the work.</summary>
    public int Interrupted() => Say(ExitCode.Interrupted, "interrupted", "Stopped. Nothing was written.");

    /// <summary>Gives a verb's answer.</summary>
    /// <param name="code">One of <see cref="ExitCode"/>.</param>
    /// <param name="answer">What <c>--json</c> writes.</param>
    /// <param name="type">Its generated description.</param>
    /// <param name="sentences">What people read.</param>
    public int Answer<T>(int code, T answer, JsonTypeInfo<T> type, params IEnumerable<string> sentences)
    {
        Write(output, json ? [JsonSerializer.Serialize(answer, type)] : sentences);
        return code;
    }

    /// <summary>Refuses bad input with all its problems at once.</summary>
    public int Refuse(IReadOnlyList<SheetProblem> problems) => Refuse(problems, problems.Count);

    /// <summary>Refuses bad input that has more problems than are listed.</summary>
    public int Refuse(IReadOnlyList<SheetProblem> problems, int all)
    {
        if (json)
        {
            BadInputAnswer answer = new("bad-input", all, [.. problems.Select(problem => new ProblemAnswer(
                problem.Code, problem.File, problem.Row, problem.Column, problem.Value, problem.Expected, ProblemSentences.Of(problem)))]);
            Write(output, [JsonSerializer.Serialize(answer, AnswerJson.Default.BadInputAnswer)]);
            return ExitCode.BadInput;
        }

        Write(error, [
            .. problems.Select(ProblemSentences.Of),
            .. all > problems.Count ? [$"These are the first {problems.Count} of {all}."] : Array.Empty<string>(),
            "Nothing was written.",
        ]);
        return ExitCode.BadInput;
    }

    /// <summary>Ends with a sentence that is no answer.</summary>
    public int Say(int code, string word, string sentence)
    {
        Write(json ? output : error, [json ? JsonSerializer.Serialize(new EndAnswer(word, sentence), AnswerJson.Default.EndAnswer) : sentence]);
        return code;
    }

    private static void Write(TextWriter to, IEnumerable<string> lines)
    {
        lock (One)
        {
            given = true;
            foreach (string line in lines)
            {
                to.WriteLine(line);
            }
        }
    }

    /// <summary>Runs long work with a bar on a terminal, quietly elsewhere.</summary>
    /// <param name="title">What is being done, until the work says more.</param>
    /// <param name="work">Reports a share from 0 to 1 and what it is doing; from one thread.</param>
    public T WithProgress<T>(string title, Func<IProgress<WorkProgress>, T> work) => terminal && !json ? OnTerminal(title, work) : work(Silence.Instance);

    /// <summary>Long work without a result.</summary>
    public void WithProgress(string title, Action<IProgress<WorkProgress>> work) => WithProgress(title, progress =>
    {
        work(progress);
        return true;
    });

    // A method of its own: Spectre.Console is loaded only where there is a bar to draw.
    private T OnTerminal<T>(string title, Func<IProgress<WorkProgress>, T> work)
    {
        // Standard output may be a file: what is asked is whether people see the errors, and the caller knows.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Interactive = InteractionSupport.Yes });
        return console.Progress().AutoClear(true).HideCompleted(true).Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
            return work(new Bar(context, task));
        });
    }

    private sealed class Bar(ProgressContext context, ProgressTask task) : IProgress<WorkProgress>
    {
        private static readonly TimeSpan Often = TimeSpan.FromSeconds(0.1);
        private long shown;

        public void Report(WorkProgress value)
        {
            task.Value = Math.Clamp(value.Share, 0, 1);
            task.Description = Markup.Escape(value.Doing);

            // A timer that draws the bar waits for a free thread; the work that reports has one.
            if (Stopwatch.GetElapsedTime(shown) > Often)
            {
                context.Refresh();
                shown = Stopwatch.GetTimestamp();
            }
        }
    }

    private sealed class Silence : IProgress<WorkProgress>
    {
        public static readonly Silence Instance = new();

        public void Report(WorkProgress value)
        {
        }
    }
}

/// <summary>How far long work is.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Doing">What it is doing, a few words.</param>
internal readonly record struct WorkProgress(double Share, string Doing);
