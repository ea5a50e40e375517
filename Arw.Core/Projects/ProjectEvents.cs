using Arw.Core.Journal;

namespace Arw.Core.Projects;

/// <summary>Kinds of events about projects. Subject: <c>project:ID</c>.</summary>
public static class ProjectEvents
{
    /// <summary>A project exists from now on.</summary>
    public static readonly EventKind<ProjectCreated> Created = new("projects.created", "A project was created.");

    /// <summary>Subject of a project's events.</summary>
    public static string Subject(string projectId) => $"project:{projectId}";
}

/// <summary>Payload of <c>projects.created</c>.</summary>
/// <param name="Id">Id, <c>[a-z0-9][a-z0-9-]{0,47}</c>: also the name of its folder.</param>
/// <param name="Title">Name on pages.</param>
/// <param name="Demo">True for the project that the first start makes.</param>
public sealed record ProjectCreated(string Id, string Title, bool Demo = false);
