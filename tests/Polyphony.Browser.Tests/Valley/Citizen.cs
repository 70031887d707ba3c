namespace Polyphony.Browser.Tests.Valley;

/// <summary>Somebody who was drawn, as their letter and their badge show them.</summary>
internal sealed class Citizen(string name, string link)
{
    public string Name { get; } = name;

    public string Link { get; } = link;

    public int Number { get; set; }

    public string Badge { get; set; } = "";

    public bool HasPhone { get; set; } = true;
}
