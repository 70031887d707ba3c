namespace Polyphony.Browser.Tests.Valley;

/// <summary>The ballots of a session as they were cast, counted by the test itself.</summary>
/// <param name="options">How many options each question has.</param>
internal sealed class Ballots(params int[] options)
{
    // For questions with three, four and five options what ten people answer; nothing is "don't know".
    private static readonly Dictionary<int, int[][]> Habits = new()
    {
        [3] = [[0], [1], [0], [2], [0], [], [1], [0], [2], [1]],
        [4] = [[0, 2], [0, 3], [1, 3], [0, 2], [], [0, 3], [1, 2], [0], [2, 3], [0, 2]],
        [5] = [[3], [1], [3], [], [1], [3], [0], [1], [3], [2]],
    };

    private readonly int[][] counts = [.. options.Select(count => new int[count + 1])];

    public int Questions => options.Length;

    public int Number { get; private set; }

    /// <summary>The options that were chosen, and at the end "don't know / no answer".</summary>
    public int[] Counts(int question) => counts[question];

    /// <summary>What the next person answers. Answers lean to one side, so that the gate need not hide how near some are to everybody.</summary>
    public int[][] Next() => [.. options.Select(count => Habits[count][Number % 10])];

    public void Count(int[][] answers)
    {
        Number++;
        foreach ((int question, int[] chosen) in answers.Index())
        {
            foreach (int option in chosen.Length == 0 ? [options[question]] : chosen)
            {
                counts[question][option]++;
            }
        }
    }
}
