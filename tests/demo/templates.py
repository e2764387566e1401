"""Small templates of our own, so that these tests do not hang on the bundled ones."""

TO_GROUP = """
AWSTemplateFormatVersion: '2010-09-09'
Description: to a log group
Parameters:
  VpcId: {Type: String, Description: which}
  TrafficType: {Type: String, Default: ALL, AllowedValues: [ALL, ACCEPT, REJECT]}
  Retention: {Type: Number, Default: 14, MinValue: 1, MaxValue: 3653}
  GroupName: {Type: String, Default: '', AllowedPattern: '^[a-z/-]*$', ConstraintDescription: small letters only}
Conditions:
  Named: !Not [!Equals [!Ref GroupName, '']]
Resources:
  Log:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceType: VPC
      ResourceId: !Ref VpcId
      TrafficType: !Ref TrafficType
      LogGroupName: !Ref Group
      DeliverLogsPermissionArn: !GetAtt Writer.Arn
      MaxAggregationInterval: 60
      Tags: [{Key: Name, Value: !Sub '${AWS::StackName}-log'}]
  Group:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !If [Named, !Ref GroupName, !Ref 'AWS::NoValue']
      RetentionInDays: !Ref Retention
  Writer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: vpc-flow-logs.amazonaws.com}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: write
          PolicyDocument: {Statement: [{Effect: Allow, Action: ['logs:*'], Resource: '*'}]}
Outputs:
  Group: {Value: !Ref Group, Description: where}
  Log: {Value: !Ref Log}
"""

TO_BUCKET = """
Parameters:
  VpcId: {Type: String}
  Name: {Type: String, Default: ''}
  Format: {Type: String, Default: plain-text}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: !If [Named, !Ref Name, !Ref 'AWS::NoValue']
  Log:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceType: VPC
      ResourceId: !Ref VpcId
      TrafficType: ALL
      LogDestinationType: s3
      LogDestination: !GetAtt Bucket.Arn
      DestinationOptions: {FileFormat: !Ref Format, HiveCompatiblePartitions: true, PerHourPartition: 'true'}
Conditions:
  Named: !Not [!Equals [!Ref Name, '']]
"""

# The flow log does not wait for the policy, so AWS attaches its own first.
POLICY_TOO_LATE = """
Resources:
  Bucket: {Type: 'AWS::S3::Bucket'}
  Log:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceType: VPC
      ResourceId: vpc-0b2c3d4e5f6071829
      TrafficType: ALL
      LogDestinationType: s3
      LogDestination: !GetAtt Bucket.Arn
  Policy:
    Type: AWS::S3::BucketPolicy
    DependsOn: Log
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: {Statement: []}
"""
